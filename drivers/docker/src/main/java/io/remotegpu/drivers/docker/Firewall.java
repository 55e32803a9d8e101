package io.remotegpu.drivers.docker;

/** Whether the machine's packet filter keeps environments from the machine's own addresses and from closed networks. */
public enum Firewall {
    /** Where this process may write the rules; where it may not, operators are told. */
    AUTO,
    /** An environment is not brought up where the rules cannot be written. */
    REQUIRED,
    /** No rules: somebody else takes care, or nobody has to. */
    OFF
}
