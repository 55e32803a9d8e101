/** Workflow code that breaks the rules, for RulesCanFailTest. */
@NullMarked
package io.remotegpu.workflows.broken;

import org.jspecify.annotations.NullMarked;
