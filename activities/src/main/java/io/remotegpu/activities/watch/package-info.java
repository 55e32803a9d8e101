/** The watch over hosts: who has fallen silent, who was declared lost, who is drained. */
@NullMarked
package io.remotegpu.activities.watch;

import org.jspecify.annotations.NullMarked;
