/** The processes that do the work: the control role (workflows, database steps) and the host role (engine steps). */
@NullMarked
package io.remotegpu.activities.worker;

import org.jspecify.annotations.NullMarked;
