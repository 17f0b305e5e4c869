/**
 * Images as numbers, decoded by the Java platform's own readers; with {@code core.report} the only
 * place that knows java.awt.
 */
package org.sparksae.core.image;
