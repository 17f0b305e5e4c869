/**
 * Decodes images to numbers with the Java platform's own readers. Only this package and {@code
 * core.report} use java.awt.
 */
package org.sparksae.core.image;
