package io.remotegpu.db.user;

/**
 * Somebody whom a login provider knows.
 *
 * @param issuer the provider
 * @param subject whom it means by that, for ever; names and addresses change, and are given to others
 */
public record Identity(String issuer, String subject) {}
