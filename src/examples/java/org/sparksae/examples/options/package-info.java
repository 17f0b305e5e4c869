/** Options that several importers have. */
package org.sparksae.examples.options;
