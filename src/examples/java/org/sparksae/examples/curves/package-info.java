/** How well kinds of codes reconstruct rows at several numbers of active latents. */
package org.sparksae.examples.curves;
