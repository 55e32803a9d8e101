/** {@code bom}: what a jar of ours is made of, under which licences, and what is known to be wrong with it. */
@NullMarked
package io.remotegpu.standalone.bom;

import org.jspecify.annotations.NullMarked;
