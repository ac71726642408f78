# Everything that a FeatureBeam job needs on Dataflow: a bucket, an account that may do no more than the job needs, the
# Flex template, and the job itself if a spec is given.

locals {
  services = toset([
    "artifactregistry.googleapis.com",
    "compute.googleapis.com",
    "dataflow.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "storage.googleapis.com",
  ])
}

resource "google_project_service" "needed" {
  for_each           = local.services
  service            = each.value
  disable_on_destroy = false
}

resource "google_storage_bucket" "featurebeam" {
  name                        = var.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # What a killed run leaves there is of no use to anyone.
  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["temp/", "staging/"]
    }
    action {
      type = "Delete"
    }
  }

  depends_on = [google_project_service.needed]
}

# One account for the launcher and the workers. Three grants, each as narrow as its service allows.
resource "google_service_account" "featurebeam" {
  account_id   = "featurebeam-dataflow"
  display_name = "FeatureBeam jobs on Dataflow"
}

# To take work from the Dataflow service and to report and log about it.
resource "google_project_iam_member" "worker" {
  project = var.project
  role    = "roles/dataflow.worker"
  member  = google_service_account.featurebeam.member
}

# To read, write and delete objects of this bucket and of no other. Publishing replaces and removes files.
resource "google_storage_bucket_iam_member" "objects" {
  bucket = google_storage_bucket.featurebeam.name
  role   = "roles/storage.objectUser"
  member = google_service_account.featurebeam.member
}

# To see that the bucket exists, which Beam asks before it starts.
resource "google_storage_bucket_iam_member" "bucket" {
  bucket = google_storage_bucket.featurebeam.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.featurebeam.member
}

# To pull the launcher's image from this repository.
resource "google_artifact_registry_repository_iam_member" "image" {
  location   = var.region
  repository = var.repository
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.featurebeam.member
}

resource "google_storage_bucket_object" "template" {
  bucket       = google_storage_bucket.featurebeam.name
  name         = "templates/featurebeam.json"
  content_type = "application/json"
  content = jsonencode({
    image    = var.image
    sdkInfo  = { language = "JAVA" }
    metadata = jsondecode(file("${path.module}/../flex-metadata.json"))
  })
}

resource "google_storage_bucket_object" "spec" {
  count        = var.spec_file == null ? 0 : 1
  bucket       = google_storage_bucket.featurebeam.name
  name         = "specs/${basename(var.spec_file)}"
  content_type = "application/yaml"
  source       = var.spec_file
}

resource "google_dataflow_flex_template_job" "featurebeam" {
  provider = google-beta
  count    = var.spec_file == null ? 0 : 1

  name                    = var.job_name
  region                  = var.region
  container_spec_gcs_path = "gs://${google_storage_bucket.featurebeam.name}/${google_storage_bucket_object.template.name}"
  service_account_email   = google_service_account.featurebeam.email
  temp_location           = "gs://${google_storage_bucket.featurebeam.name}/temp"
  staging_location        = "gs://${google_storage_bucket.featurebeam.name}/staging"
  max_workers             = var.max_workers
  machine_type            = var.machine_type
  subnetwork              = var.subnetwork
  ip_configuration        = var.subnetwork == null ? null : "WORKER_IP_PRIVATE"
  on_delete               = "cancel"

  parameters = merge(
    { spec = "gs://${google_storage_bucket.featurebeam.name}/${google_storage_bucket_object.spec[0].name}" },
    length(var.overrides) == 0 ? {} : { set = jsonencode(var.overrides) },
    var.parameters,
  )

  labels = {
    "featurebeam" = var.job_name
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.image,
    google_project_iam_member.worker,
    google_storage_bucket_iam_member.bucket,
    google_storage_bucket_iam_member.objects,
  ]
}
