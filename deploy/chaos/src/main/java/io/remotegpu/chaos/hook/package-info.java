/** What the harness puts on the class path of the server that it tries: trouble around every step. No part of the product. */
@NullMarked
package io.remotegpu.chaos.hook;

import org.jspecify.annotations.NullMarked;
