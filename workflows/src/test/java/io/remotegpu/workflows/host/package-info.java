@NullMarked
package io.remotegpu.workflows.host;

import org.jspecify.annotations.NullMarked;
