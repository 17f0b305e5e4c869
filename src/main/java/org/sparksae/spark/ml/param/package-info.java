/**
 * The Params of all stages, in groups, and the models that they describe. Internal; users meet the
 * getters and setters on the stages.
 */
package org.sparksae.spark.ml.param;
