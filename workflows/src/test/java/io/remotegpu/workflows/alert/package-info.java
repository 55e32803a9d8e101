@NullMarked
package io.remotegpu.workflows.alert;

import org.jspecify.annotations.NullMarked;
