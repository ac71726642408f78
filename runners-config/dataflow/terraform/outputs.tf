output "bucket" {
  description = "Where specs, data and outputs go."
  value       = "gs://${google_storage_bucket.featurebeam.name}"
}

output "service_account" {
  description = "The account that jobs run as: --service-account-email of gcloud."
  value       = google_service_account.featurebeam.email
}

output "template" {
  description = "The Flex template: --template-file-gcs-location of gcloud."
  value       = "gs://${google_storage_bucket.featurebeam.name}/${google_storage_bucket_object.template.name}"
}

output "job_id" {
  description = "The job, if one was made."
  value       = one(google_dataflow_flex_template_job.featurebeam[*].job_id)
}
