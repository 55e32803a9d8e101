-- Whom a login provider vouches for: an account belongs to a subject of an issuer, never to a name or an address that it says.
-- Whose account was made by such a login has '!' for a password_hash, which no password has.
CREATE TABLE user_identities (
    issuer     text        NOT NULL,
    subject    text        NOT NULL,
    user_id    bigint      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (user_id, issuer)
);
