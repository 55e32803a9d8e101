package io.remotegpu.api.oidc;

/**
 * Whom the provider vouches for.
 *
 * @param subject its own name for them, which it never gives to anybody else
 * @param claims of the ID token and of its user info
 */
record Person(String subject, Claims claims) {}
