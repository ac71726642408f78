/**
 * Avro container files as batches. {@link io.featurebeam.io.file.avro.AvroBatchReader} decodes
 * blocks straight into columns, with no record object between; {@link
 * io.featurebeam.io.file.avro.AvroSchemas} says which Avro type becomes which column. The container
 * is read here and not by Avro's own reader, because that one believes every length in the file and
 * gives a record object per record.
 */
@NullMarked
package io.featurebeam.io.file.avro;

import org.jspecify.annotations.NullMarked;
