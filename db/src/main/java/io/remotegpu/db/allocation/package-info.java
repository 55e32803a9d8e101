/** What environments hold of hosts: CPU, memory, GPUs. */
@NullMarked
package io.remotegpu.db.allocation;

import org.jspecify.annotations.NullMarked;
