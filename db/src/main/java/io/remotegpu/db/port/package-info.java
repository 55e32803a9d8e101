/** Which host port belongs to which service of which environment. */
@NullMarked
package io.remotegpu.db.port;

import org.jspecify.annotations.NullMarked;
