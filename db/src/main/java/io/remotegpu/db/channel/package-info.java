/** What is said through the database, by its triggers, to every process that listens. */
@NullMarked
package io.remotegpu.db.channel;

import org.jspecify.annotations.NullMarked;
