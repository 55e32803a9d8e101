/** Who changed what, from where and with which outcome: written once, read by administrators. */
@NullMarked
package io.remotegpu.db.audit;

import org.jspecify.annotations.NullMarked;
