@NullMarked
package io.remotegpu.workflows.environment;

import org.jspecify.annotations.NullMarked;
