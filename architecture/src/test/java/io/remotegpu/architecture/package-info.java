/**
 * What the build enforces about who may import whom (DESIGN.md, section 2), about workflow code, and about style.
 *
 * <p>{@link io.remotegpu.architecture.Module} is the table to change when a module is added. Each module's pom.xml says
 * the same about jars, with the enforcer's banned dependencies.
 */
@NullMarked
package io.remotegpu.architecture;

import org.jspecify.annotations.NullMarked;
