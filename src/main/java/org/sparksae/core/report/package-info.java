/**
 * What a training run shows a person: pictures, charts and reports, made from plain arrays and
 * written to streams. No display is needed. Depends on {@code java.*} only.
 */
package org.sparksae.core.report;
