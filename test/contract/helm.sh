#!/usr/bin/env bash
# Lints the chart, renders it with several values and checks what comes out against Kubernetes' own schemas.
#
# helm is taken from PATH, or built below node_modules/.cache where Go is there (three minutes, once). HELM_VENV names the Python
# environment that kubernetes-validate is in, or is installed into when it is missing; by default one below node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

helm_version=v3.19.0
validate_version=1.35.0
kubernetes=1.34
chart=deploy/helm/detection-gateway
cache=$PWD/node_modules/.cache

if ! helm=$(command -v helm || command -v "$cache/helm/helm"); then
  if ! command -v go >/dev/null; then
    echo 'NOT CHECKED: neither helm nor go is here'
    [[ -n ${ALLOW_NO_HELM:-} ]] && exit 0 || exit 1
  fi
  echo "building helm $helm_version"
  mkdir -p "$cache/helm"
  GOBIN=$cache/helm go install "helm.sh/helm/v3/cmd/helm@$helm_version"
  helm=$cache/helm/helm
fi
venv=${HELM_VENV:-node_modules/.cache/helm-venv}
if ! [[ -x $venv/bin/kubernetes-validate ]]; then
  echo "installing kubernetes-validate into $venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==$validate_version"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/everything.yaml" <<'YAML'
gateway:
  settings: { REQUEST_TIMEOUT_MS: '5000', LOG_LEVEL: warn }
  apiKeysSecret: keys
  nodeSelector: { disk: fast }
autoscaling: { enabled: true }
ingress:
  enabled: true
  className: nginx
  hosts: [detect.example.org]
  tls: [{ secretName: certificate, hosts: [detect.example.org] }]
networkPolicy: { from: [{ podSelector: { matchLabels: { app: front } } }] }
serviceMonitor: { enabled: true, labels: { release: prometheus } }
serving: { autoscaling: { enabled: true } }
label:
  enabled: true
  photosClaim: photos
  resultsClaim: results
  folder: 2024/summer
  parts: 64
  args: [--min-score, '0.3']
  apiKeySecret: key-of-labels
YAML
cat >"$work/outside.yaml" <<'YAML'
gateway: { settings: { TF_SERVING_TARGET: 'dns:///models.example.org:8500' } }
serving: { enabled: false }
export: { enabled: false }
models: { existingClaim: cards, default: mine }
networkPolicy: { enabled: false }
podDisruptionBudget: { enabled: false }
YAML
: >"$work/defaults.yaml"

for values in defaults everything outside; do
  "$helm" lint --quiet --strict --kube-version "$kubernetes.0" "$chart" --values "$work/$values.yaml"
  "$helm" template test "$chart" --kube-version "$kubernetes.0" --namespace vision --values "$work/$values.yaml" >"$work/$values.out.yaml"
  # The monitor is of a kind that Kubernetes itself does not know.
  "$venv/bin/python" - "$work/$values.out.yaml" "$kubernetes" <<'PYTHON'
import sys
import kubernetes_validate
import yaml

path, version = sys.argv[1:]
documents = [each for each in yaml.safe_load_all(open(path)) if each]
names = [(each['kind'], each['metadata']['name']) for each in documents]
assert len(set(names)) == len(names), f'made twice: {names}'
for each in documents:
    if each['kind'] != 'ServiceMonitor':
        kubernetes_validate.validate(each, version, strict=True)
print(f'{len(documents)} resources are valid: {", ".join(sorted({kind for kind, _ in names}))}')
PYTHON
done

refuse() {
  if "$helm" template test "$chart" --kube-version "$kubernetes.0" "$@" >"$work/refused" 2>&1; then
    echo "accepted, but should not have been: $*"
    exit 1
  fi
}
# What the Job runs is what the command takes, and a pod knows its part.
"$venv/bin/python" - "$work/everything.out.yaml" <<'PYTHON'
import sys
import yaml

documents = [each for each in yaml.safe_load_all(open(sys.argv[1])) if each]
by_name = {(each['kind'], each['metadata']['name']): each for each in documents}
job = by_name['Job', 'test-label-1']['spec']
assert (job['completionMode'], job['completions']) == ('Indexed', 64), job
container = job['template']['spec']['containers'][0]
part = {each['name']: each for each in container['env']}['PART']['valueFrom']['fieldRef']['fieldPath']
assert part == "metadata.annotations['batch.kubernetes.io/job-completion-index']", part
args = [each.replace('$(PART)', '63') for each in container['args']]
assert args == ['detect', '/photos/2024/summer', '--shard=63/64', '--output=/results/part-63.jsonl', '--resume',
                '--url=http://test-gateway:80', '--min-score', '0.3'], args
scaler = by_name['HorizontalPodAutoscaler', 'test-gateway']['spec']['metrics'][0]['pods']
assert scaler['metric']['name'] == 'detection_gateway_slots_load', scaler
peers = by_name['NetworkPolicy', 'test-gateway']['spec']['ingress'][0]['from']
assert job['template']['metadata']['labels'] in [each['podSelector']['matchLabels'] for each in peers], peers
print('the label Job asks for its part, and reaches the gateway')
PYTHON

refuse --set gateway.replicas=0
refuse --set label.enabled=true
refuse --set gateway.settings.requestTimeout=5
refuse --set serving.replica=2
echo 'values that are wrong are refused'
