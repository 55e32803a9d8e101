/** Logging in at a provider that speaks OpenID Connect, beside local accounts. */
@NullMarked
package io.remotegpu.api.oidc;

import org.jspecify.annotations.NullMarked;
