/**
 * Finds, extracts and loads shared libraries.
 *
 * <p>{@code NativeBundle} is a set of files in a jar, {@code NativeDirectories} finds the
 * directories to extract them to, {@code Extraction} extracts them, and {@code SharedLibraries}
 * loads them and calls their functions. Internal: public only for the packages that use it.
 */
package org.sparksae.core.linalg.natives;
