#!/usr/bin/env bash
# Lints the chart, renders it with several values and checks what comes out against Kubernetes' own schemas.
#
# helm is taken from PATH, or built below node_modules/.cache where Go is there (three minutes, once). HELM_VENV names the Python
# environment that kubernetes-validate is in, or is installed into when it is missing; by default one below node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

helm_version=v3.19.0
validate_version=1.35.0
kubernetes=1.35
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
  image: { repository: registry.example.org/gateway, digest: 'sha256:@DIGEST@' }
  settings: { REQUEST_TIMEOUT_MS: '5000', LOG_LEVEL: warn, MAX_IMAGE_BYTES: 20971520, PAGE: false }
  extraEnv: [{ name: RATE_LIMIT_REDIS_URL, valueFrom: { secretKeyRef: { name: redis, key: url } } }]
  extraVolumes: [{ name: certificate, secret: { secretName: certificate } }]
  extraVolumeMounts: [{ name: certificate, mountPath: /certificate, readOnly: true }]
  apiKeysSecret: keys
  podLabels: { team: vision }
  podAnnotations: { reason: test }
  service: { type: LoadBalancer, annotations: { internal: 'true' } }
  priorityClassName: high
  nodeSelector: { disk: fast }
  tolerations: [{ key: only, operator: Exists }]
imagePullSecrets: [{ name: registry }]
serviceAccountName: reader
autoscaling: { enabled: true }
ingress:
  enabled: true
  className: nginx
  hosts: [detect.example.org]
  tls: [{ secretName: certificate, hosts: [detect.example.org] }]
networkPolicy: { from: [{ podSelector: { matchLabels: { app: front } } }] }
serviceMonitor: { enabled: true, labels: { release: prometheus, app.kubernetes.io/part-of: all } }
serving:
  autoscaling: { enabled: true }
  startupSeconds: 601
  strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
  extraEnv: [{ name: TF_FORCE_GPU_ALLOW_GROWTH, value: 'true' }]
  runtimeClassName: nvidia
  resources: { limits: { nvidia.com/gpu: 1 } }
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: DoNotSchedule
      labelSelector: { matchLabels: { mine: 'yes' } }
label:
  enabled: true
  photosClaim: photos
  resultsClaim: results
  folder: 2024/summer
  parts: 64
  args: [--min-score, '0.3']
  apiKeySecret: key-of-labels
YAML
sed -i "s/@DIGEST@/$(printf 'a%.0s' {1..64})/" "$work/everything.yaml"
cat >"$work/bucket.yaml" <<'YAML'
ingress: { enabled: true }
podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null }
models:
  fetch:
    enabled: true
    image: rclone/rclone:1.71
    args: [copy, 'store:bucket/models', /models]
    env: [{ name: RCLONE_CONFIG_STORE_TYPE, value: s3 }]
    envFrom: [{ secretRef: { name: bucket } }]
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

# The oldest that the chart is for, and that the Job which labels is for.
for run in defaults=1.25 everything=1.29 defaults=$kubernetes everything=$kubernetes bucket=$kubernetes outside=$kubernetes; do
  values=${run%=*} version=${run#*=}
  "$helm" lint --quiet --strict --kube-version "$version.0" "$chart" --values "$work/$values.yaml"
  "$helm" template test "$chart" --kube-version "$version.0" --namespace vision --values "$work/$values.yaml" >"$work/$values.out.yaml"
  # The monitor is of a kind that Kubernetes itself does not know.
  "$venv/bin/python" - "$work/$values.out.yaml" "$version" <<'PYTHON'
import sys
import kubernetes_validate
import yaml

path, version = sys.argv[1:]


class Strict(yaml.SafeLoader):
    """A key twice in one mapping is taken by some readers, and refused by others, such as Flux and kustomize."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(set(keys)) == len(keys), f'a key twice: {keys}{node.start_mark}'
        return super().construct_mapping(node, deep)


documents = [each for each in yaml.load_all(open(path), Strict) if each]
names = [(each['kind'], each['metadata']['name']) for each in documents]
assert len(set(names)) == len(names), f'made twice: {names}'
for each in documents:
    if each['kind'] != 'ServiceMonitor':
        kubernetes_validate.validate(each, version, strict=True)
    pod = each['spec'].get('template', {}).get('spec')
    if pod:
        assert pod['automountServiceAccountToken'] is False and pod['securityContext']['runAsNonRoot'], pod
        volumes = {volume['name'] for volume in pod['volumes']}
        for container in pod['containers'] + pod.get('initContainers', []):
            own = container['securityContext']
            assert own['readOnlyRootFilesystem'] and not own['allowPrivilegeEscalation'], container['name']
            assert own['capabilities']['drop'] == ['ALL'] and container['resources'], container['name']
            env = [variable['name'] for variable in container.get('env', [])]
            assert len(set(env)) == len(env), f'set twice: {env}'
            assert {mount['name'] for mount in container['volumeMounts']} <= volumes, container['name']
print(f'{len(documents)} resources are valid in {version}: {", ".join(sorted({kind for kind, _ in names}))}')
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
gateway, serving = (by_name['Deployment', f'test-{part}']['spec']['template']['spec'] for part in ('gateway', 'serving'))
assert gateway['containers'][0]['image'] == f"registry.example.org/gateway@sha256:{'a' * 64}", gateway
env = {each['name']: each.get('value') for each in gateway['containers'][0]['env']}
assert (env['MAX_IMAGE_BYTES'], env['PAGE'], env['REQUEST_TIMEOUT_MS']) == ('20971520', 'false', '5000'), env
for pod in (gateway, serving, job['template']['spec'], by_name['Job', 'test-export-1']['spec']['template']['spec']):
    assert (pod['imagePullSecrets'], pod['serviceAccountName']) == ([{'name': 'registry'}], 'reader'), pod
spread = [each['topologySpreadConstraints'][0]['labelSelector']['matchLabels'] for each in (gateway, serving)]
assert spread == [{'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/instance': 'test'}, {'mine': 'yes'}], spread
assert serving['containers'][0]['startupProbe']['failureThreshold'] == 121, serving
for part in ('gateway', 'serving'):
    # One replica must not keep its node from being emptied.
    budget = by_name['PodDisruptionBudget', f'test-{part}']['spec']
    assert budget['maxUnavailable'] == 1 and 'minAvailable' not in budget, budget
    pods = by_name['Deployment', f'test-{part}']['spec']
    assert budget['selector']['matchLabels'].items() <= pods['template']['metadata']['labels'].items(), budget
monitor = by_name['ServiceMonitor', 'test-gateway']
service = by_name['Service', 'test-gateway-operations']
assert monitor['metadata']['labels']['release'] == 'prometheus', monitor
assert monitor['spec']['selector']['matchLabels'].items() <= service['metadata']['labels'].items(), service
assert not monitor['spec']['selector']['matchLabels'].items() <= by_name['Service', 'test-gateway']['metadata']['labels'].items()
print('the label Job asks for its part, and reaches the gateway')
PYTHON

# Models from a bucket: a container of each pod that reads them fetches them, and neither a claim nor an export is made.
"$venv/bin/python" - "$work/bucket.out.yaml" <<'PYTHON'
import sys
import yaml

documents = [each for each in yaml.safe_load_all(open(sys.argv[1])) if each]
assert not {'PersistentVolumeClaim', 'Job'} & {each['kind'] for each in documents}
pods = [each['spec']['template']['spec'] for each in documents if each['kind'] == 'Deployment']
assert len(pods) == 2, pods
for pod in pods:
    assert 'runAsUser' not in pod['securityContext'], pod
    fetch, = pod['initContainers']
    assert (fetch['image'], fetch['args'][-1]) == ('rclone/rclone:1.71', '/models'), fetch
    assert fetch['envFrom'] == [{'secretRef': {'name': 'bucket'}}], fetch
    assert {'name': 'models', 'emptyDir': {'sizeLimit': '5Gi'}} in pod['volumes'], pod
    mounts = [{each['name']: each.get('readOnly', False) for each in container['volumeMounts']}['models']
              for container in (fetch, pod['containers'][0])]
    assert mounts == [False, True], mounts
rules = [each['spec']['rules'] for each in documents if each['kind'] == 'Ingress'][0]
assert len(rules) == 1 and 'host' not in rules[0], rules
print('models come from a bucket')
PYTHON

refuse --set gateway.replicas=0
refuse --set gateway.settings.PORT=9000
refuse --set gateway.image.digest=latest
refuse --set autoscaling.enabled=true --set autoscaling.slotsLoad=0 --set autoscaling.cpuPercent=0
refuse --set podDisruptionBudget.maxUnavailable=0
refuse --set models.fetch.enabled=true
refuse --set label.enabled=true,label.photosClaim=a,label.resultsClaim=b --kube-version 1.28.0
refuse --set label.enabled=true
refuse --set gateway.settings.requestTimeout=5
refuse --set serving.replica=2
echo 'values that are wrong are refused'
