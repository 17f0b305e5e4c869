/**
 * Images as numbers, decoded by the Java platform's own readers. With {@code core.report}, the only
 * package that knows java.awt.
 */
package org.sparksae.core.image;
