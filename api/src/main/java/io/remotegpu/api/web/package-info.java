/** What every route has in common: problems, JSON, paging, request ids, limits. */
@NullMarked
package io.remotegpu.api.web;

import org.jspecify.annotations.NullMarked;
