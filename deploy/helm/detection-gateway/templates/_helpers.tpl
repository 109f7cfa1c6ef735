{{- define "gateway.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}-gateway
{{- end }}

{{- define "serving.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}-serving
{{- end }}

{{- define "export.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}-export
{{- end }}

{{- define "label.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}-label
{{- end }}

{{- define "models.claim" -}}
{{- .Values.models.existingClaim | default (printf "%s-models" (.Release.Name | trunc 40 | trimSuffix "-")) }}
{{- end }}

{{- define "gateway.image" -}}
{{- printf "%s:%s" .Values.gateway.image.repository (.Values.gateway.image.tag | default .Chart.AppVersion) }}
{{- end }}

{{- define "export.image" -}}
{{- .Values.export.image | default (printf "%s:demo" .Values.gateway.image.repository) }}
{{- end }}

{{- define "labels" -}}
app.kubernetes.io/part-of: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "gateway.selector" -}}
app.kubernetes.io/name: gateway
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "serving.selector" -}}
app.kubernetes.io/name: serving
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "label.selector" -}}
app.kubernetes.io/name: label
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "pod.security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}
