/**
 * Pictures for a person to look at: learned filters, and images from the data. They are made from
 * plain arrays and written to streams, and no display is needed. With {@code core.image}, the only
 * package that knows java.awt.
 */
package org.sparksae.core.report;
