# shellcheck shell=bash
# etcd, API server, controller manager, scheduler, and nodes that are only simulated. For engine.sh.

api_answers() { curl -sf --max-time 5 --cacert "$RUN/pki/ca.crt" "https://127.0.0.1:$API_PORT/readyz"; }

node_address() {
  local address
  address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
  echo "${address:-127.0.0.1}"
}

make_keys() { # the node's address
  local pki=$RUN/pki
  [ ! -s "$pki/complete" ] || return 0
  new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
  sign() { # name, subject, extensions
    new_key "$pki/$1.key"
    openssl req -new -key "$pki/$1.key" -subj "$2" | openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial \
      -days 3650 -out "$pki/$1.crt" -extfile <(printf '%b' "$3") 2>/dev/null
  }
  new_key "$pki/ca.key"
  openssl req -x509 -key "$pki/ca.key" -subj /CN=remotegpu-test -days 3650 -out "$pki/ca.crt"
  sign apiserver /CN=kube-apiserver "subjectAltName=IP:127.0.0.1,IP:$1,IP:${SERVICES%.*}.1,DNS:localhost,DNS:kubernetes.default.svc\nextendedKeyUsage=serverAuth\n"
  sign kubelet-client /O=system:masters/CN=kube-apiserver "extendedKeyUsage=clientAuth\n"
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$pki/sa.key" 2>/dev/null
  openssl pkey -in "$pki/sa.key" -pubout -out "$pki/sa.pub"
  : >"$pki/tokens.csv"
  make_kubeconfig "$RUN/kubeconfig" admin system:masters
  make_kubeconfig "$RUN/conf/controller-manager" system:kube-controller-manager ""
  make_kubeconfig "$RUN/conf/scheduler" system:kube-scheduler ""
  make_kubeconfig "$RUN/conf/kubelet" "system:node:$NODE" system:nodes
  make_kubeconfig "$RUN/conf/proxy" system:kube-proxy ""
  chmod 600 "$pki"/*
  echo yes >"$pki/complete"
}

make_kubeconfig() { # file, user, groups
  local token
  token=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  echo "$token,$2,$2,\"$3\"" >>"$RUN/pki/tokens.csv"
  cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$API_PORT", certificate-authority-data: $(base64 -w0 "$RUN/pki/ca.crt")}}]
users: [{name: user, user: {token: $token}}]
contexts: [{name: test, context: {cluster: test, user: user}}]
current-context: test
YAML
  chmod 600 "$1"
}

start_control_plane() {
  local pki=$RUN/pki etcd=http://127.0.0.1:$ETCD_PORT peer=http://127.0.0.1:$((ETCD_PORT + 1))
  make_keys "$(node_address)"
  export KUBECONFIG=$RUN/kubeconfig
  launch etcd etcd --name test --data-dir "$RUN/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "test=$peer"
  launch kube-apiserver kube-apiserver --etcd-servers "$etcd" --bind-address 127.0.0.1 --secure-port "$API_PORT" \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --cert-dir "$pki" --client-ca-file "$pki/ca.crt" \
    --token-auth-file "$pki/tokens.csv" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/sa.pub" --service-account-signing-key-file "$pki/sa.key" \
    --kubelet-client-certificate "$pki/kubelet-client.crt" --kubelet-client-key "$pki/kubelet-client.key" --kubelet-preferred-address-types InternalIP \
    --service-cluster-ip-range "$SERVICES" --service-node-port-range "$NODE_PORTS" --endpoint-reconciler-type none \
    --max-requests-inflight 2000 --max-mutating-requests-inflight 1000
  wait_for "the API server" 120 api_answers
  launch_kept kube-controller-manager kube-controller-manager --kubeconfig "$RUN/conf/controller-manager" --leader-elect=false \
    --bind-address 127.0.0.1 --secure-port 0 --service-account-private-key-file "$pki/sa.key" --root-ca-file "$pki/ca.crt" \
    --use-service-account-credentials --kube-api-qps 500 --kube-api-burst 1000
  launch_kept kube-scheduler kube-scheduler --kubeconfig "$RUN/conf/scheduler" --leader-elect=false \
    --bind-address 127.0.0.1 --secure-port 0 --kube-api-qps 500 --kube-api-burst 1000
  kubectl apply -f - >/dev/null <<'YAML'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: remotegpu.test/local
reclaimPolicy: Delete
YAML
}

start_simulated_nodes() {
  local taint='' i
  cat "$HERE/simulated.yaml" "$PROGRAMS/stages.yaml" >"$RUN/conf/kwok.yaml"
  launch kwok kwok --kubeconfig "$RUN/kubeconfig" --config "$RUN/conf/kwok.yaml" --manage-all-nodes=false \
    --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake --node-lease-duration-seconds 40 --cidr 10.77.0.0/16 \
    --node-ip 127.0.0.1 --node-port 10247 --server-address 127.0.0.1:10247 \
    --tls-cert-file "$RUN/pki/apiserver.crt" --tls-private-key-file "$RUN/pki/apiserver.key"
  [ "$NODES" = simulated ] || taint='spec: {taints: [{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]}'
  for ((i = 0; i < SIMULATED; i++)); do
    cat <<YAML
---
apiVersion: v1
kind: Node
metadata:
  name: kwok-$i
  annotations: {kwok.x-k8s.io/node: fake}
  labels: {type: kwok, kubernetes.io/hostname: kwok-$i, kubernetes.io/os: linux, kubernetes.io/arch: amd64, nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3, nvidia.com/gpu.memory: "81559"}
$taint
status:
  allocatable: {cpu: "64", memory: 512Gi, pods: "500", nvidia.com/gpu: "$GPUS"}
  capacity: {cpu: "64", memory: 512Gi, pods: "500", nvidia.com/gpu: "$GPUS"}
YAML
  done | kubectl apply --server-side -f - >/dev/null
  wait_for "the simulated nodes" 120 simulated_nodes_are_ready
}

# Not "kubectl wait", which looks at one after another.
simulated_nodes_are_ready() {
  [ "$(kubectl get nodes -l type=kwok --no-headers | awk '$2 == "Ready"' | wc -l)" -ge "$SIMULATED" ]
}
