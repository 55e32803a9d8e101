/** The API described: OpenAPI, and the page that shows it. */
@NullMarked
package io.remotegpu.api.docs;

import org.jspecify.annotations.NullMarked;
