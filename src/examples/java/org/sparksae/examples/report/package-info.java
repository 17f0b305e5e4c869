/** What the reports of several experiments share. */
package org.sparksae.examples.report;
