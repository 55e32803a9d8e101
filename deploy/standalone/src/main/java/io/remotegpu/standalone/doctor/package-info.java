/** {@code doctor}: examines the installation of a folder, and says what it found. */
@NullMarked
package io.remotegpu.standalone.doctor;

import org.jspecify.annotations.NullMarked;
