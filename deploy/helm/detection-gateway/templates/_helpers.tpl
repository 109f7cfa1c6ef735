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

{{- /* Of a dict with `image` and the `tag` to take where none is set. A digest says exactly which, so it comes first. */}}
{{- define "image" -}}
{{- .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .tag }}{{ end }}
{{- end }}

{{- define "gateway.image" -}}
{{- include "image" (dict "image" .Values.gateway.image "tag" .Chart.AppVersion) }}
{{- end }}

{{- define "export.image" -}}
{{- .Values.export.image | default (printf "%s:demo" .Values.gateway.image.repository) }}
{{- end }}

{{- /* Of every resource. A name to select by is beside them: each key once, or what reads strictly refuses it all. */}}
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

{{- /* What all pods have in common. None of them asks Kubernetes for anything, so none has a token. */}}
{{- define "pod.common" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- end }}

{{- /* Where pods run: of a dict with the `values` of a part. */}}
{{- define "pod.placement" -}}
{{- range $field := list "priorityClassName" "runtimeClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with get $.values $field }}
{{ toYaml (dict $field .) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Of a dict with `constraints` and the labels of the pods, `selector`, which are filled in where a constraint has none. */}}
{{- define "pod.spread" -}}
{{- with .constraints }}
topologySpreadConstraints:
  {{- range . }}
  -
    {{- toYaml . | nindent 4 }}
    {{- if not .labelSelector }}
    labelSelector:
      matchLabels:
        {{- $.selector | nindent 8 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* A setting as text: a large number as its digits, not as 2.097152e+07. */}}
{{- define "setting" -}}
{{- if kindIs "string" . }}{{ . | quote }}{{ else }}{{ toJson . | quote }}{{ end }}
{{- end }}

{{- define "models.volume" -}}
- name: models
  {{- if .Values.models.fetch.enabled }}
  emptyDir:
    sizeLimit: {{ .Values.models.size }}
  {{- else }}
  persistentVolumeClaim:
    claimName: {{ include "models.claim" . }}
  {{- end }}
{{- end }}

{{- /* Copies models from where they are kept into the pod, before its other containers start. */}}
{{- define "models.fetch" -}}
- name: fetch-models
  image: {{ required "models.fetch.image names an image that can copy models, such as rclone/rclone:1.71" .Values.models.fetch.image }}
  imagePullPolicy: IfNotPresent
  {{- with .Values.models.fetch.command }}
  command:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.models.fetch.args }}
  args:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  env:
    # The only place besides /models that may be written to.
    - name: HOME
      value: /tmp
    {{- with .Values.models.fetch.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.models.fetch.envFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  resources:
    {{- toYaml .Values.models.fetch.resources | nindent 4 }}
  securityContext:
    {{- include "container.security" . | nindent 4 }}
  volumeMounts:
    - name: models
      mountPath: /models
    - name: tmp
      mountPath: /tmp
{{- end }}
