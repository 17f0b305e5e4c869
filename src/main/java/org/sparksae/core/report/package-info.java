/**
 * Draws pictures of learned filters and of images from the data. It takes plain arrays, writes to
 * streams and needs no display. Only this package and {@code core.image} use java.awt.
 */
package org.sparksae.core.report;
