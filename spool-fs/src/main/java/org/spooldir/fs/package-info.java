/** placeholder */
@NullMarked
package org.spooldir.fs;

import org.jspecify.annotations.NullMarked;
