/** Child processes that never outlive this one, and are restarted when they die. */
@NullMarked
package io.remotegpu.standalone.child;

import org.jspecify.annotations.NullMarked;
