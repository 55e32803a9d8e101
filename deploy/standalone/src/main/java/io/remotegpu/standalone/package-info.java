/** Everything in one process: the API, the worker, an embedded PostgreSQL and a Temporal dev server. */
@NullMarked
package io.remotegpu.standalone;

import org.jspecify.annotations.NullMarked;
