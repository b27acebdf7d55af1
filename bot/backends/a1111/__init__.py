"""The backend for a web UI on an own GPU: A1111, Forge, SD.Next, KoboldCpp (`/sdapi/v1`)."""
