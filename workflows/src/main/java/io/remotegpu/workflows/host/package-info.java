/** What is done with hosts from time to time. */
@NullMarked
package io.remotegpu.workflows.host;

import org.jspecify.annotations.NullMarked;
