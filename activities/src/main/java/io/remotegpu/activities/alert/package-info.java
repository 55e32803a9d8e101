/** Alerts: what is looked for, and how people hear of it. */
@NullMarked
package io.remotegpu.activities.alert;

import org.jspecify.annotations.NullMarked;
