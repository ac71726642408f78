variable "project" {
  description = "ID of the Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where the bucket lies and workers run, for example us-central1."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket that is made for specs, data, outputs, the template and temporary files."
  type        = string
}

variable "repository" {
  description = "Name of the Artifact Registry repository that holds the launcher's image; it must be there."
  type        = string
  default     = "featurebeam"
}

variable "image" {
  description = "The launcher's image with its tag or digest, for example us-central1-docker.pkg.dev/PROJECT/featurebeam/featurebeam-dataflow:0.1.0."
  type        = string
}

variable "job_name" {
  description = "Name of the job: lower-case letters, digits and hyphens. A job is made only if spec_file is given."
  type        = string
  default     = "featurebeam"

  validation {
    condition     = can(regex("^[a-z]([-a-z0-9]*[a-z0-9])?$", var.job_name))
    error_message = "job_name must consist of lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "spec_file" {
  description = "Local path of the spec to upload and run, absolute or from this folder; null makes everything but the job."
  type        = string
  default     = null
}

variable "overrides" {
  description = "Keys of the spec to override, for example { \"sink.parquet.path\" = \"gs://BUCKET/features\" }; null removes a key."
  type        = any
  default     = {}
}

variable "parameters" {
  description = "Further parameters of the template: from, to, replay, verbose."
  type        = map(string)
  default     = {}
}

variable "max_workers" {
  description = "At most so many workers at a time."
  type        = number
  default     = 4
}

variable "machine_type" {
  description = "Machine type of the workers."
  type        = string
  default     = "n2-standard-2"
}

variable "subnetwork" {
  description = "Subnetwork of the workers, regions/REGION/subnetworks/NAME, with Private Google Access; null takes the default network."
  type        = string
  default     = null
}
