#!/usr/bin/env bash
# A real Kubernetes of one node with an image registry, for `make kubernetes-test`: no systemd, nothing from the internet but
# Debian's packages. As root.
#   scripts/kubernetes.sh build FOLDER   once: Debian's source of Kubernetes, about a quarter of an hour of one processor
#   scripts/kubernetes.sh start FOLDER   then: KUBECONFIG=FOLDER/run/kubeconfig, registry at the address in FOLDER/run/registry
#   scripts/kubernetes.sh stop FOLDER
set -euo pipefail
verb=${1:?build, start or stop} folder=$(realpath -m "${2:?folder of the cluster}")
run=$folder/run programs=$folder/programs
[ "$(id -u)" = 0 ] || { echo "a cluster can be built and started by root only" >&2; exit 3; }

pause() { read -rt "$1" <> <(:) || true; }

build() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends dpkg-dev gcc libc6-dev make rsync curl openssl golang-1.19-go \
    etcd-server containerd runc containernetworking-plugins conntrack iptables podman busybox-static docker-registry
  mkdir -p "$folder"/{lists/partial,home} "$programs"
  cd "$folder"
  echo "deb-src http://deb.debian.org/debian bookworm main" >sources.list
  local apt=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/lists")
  apt-get "${apt[@]}" update
  apt-get "${apt[@]}" source --download-only kubernetes
  rm -rf source && dpkg-source --no-check -x kubernetes_*.dsc source
  cd source
  # Its way to walk over maps is from before Go 1.18, where the function it borrows takes one argument more.
  local borrowed=vendor/github.com/modern-go/reflect2/unsafe_link.go
  sed -i -e '/^\/\/go:noescape$/{N;/linkname mapiterinit/d}' \
    -e 's|^func mapiterinit(.*|//go:linkname initialise reflect.mapiterinit\nfunc initialise(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)\n\nfunc mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter { it := new(hiter); initialise(rtype, m, it); return it }|' \
    -e 's|// rest fields are ignored|rest [6]unsafe.Pointer; tail [4]uintptr|' "$borrowed"
  export PATH=/usr/lib/go-1.19/bin:$PATH HOME=$folder/home GOCACHE=$folder/cache CGO_ENABLED=0 GOPATH=$PWD/.go GO111MODULE=off
  mkdir -p .go/src/k8s.io && ln -s ../../.. .go/src/k8s.io/kubernetes
  make GOFLAGS=-p=1 WHAT="cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kubelet"
  cp _output/local/bin/linux/amd64/kube{-apiserver,-controller-manager,-scheduler,let} "$programs/"
  gcc -Os -static -o "$programs/pause" build/pause/linux/pause.c
}

# Two images without any registry: what holds a pod together, and a shell with small tools.
images() {
  local context=$run/images
  mkdir -p "$context"
  cp "$programs/pause" "$context/" && cp /bin/busybox "$context/"
  printf 'FROM scratch\nCOPY pause /pause\nENTRYPOINT ["/pause"]\n' >"$context/Dockerfile.pause"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\nENV PATH=/bin\n' >"$context/Dockerfile.tiny"
  for image in pause tiny; do
    podman build -q -t "localhost/$image:1" -f "$context/Dockerfile.$image" "$context" >/dev/null
    rm -f "$context/$image.tar"
    podman save -q -o "$context/$image.tar" "localhost/$image:1"
    ctr -a "$run/containerd.sock" -n k8s.io images import "$context/$image.tar" >/dev/null
  done
}

podman_settings() {
  cat >"$run/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[engine.runtimes]
runc = ["$(command -v runc)"]
CONF
  printf '[storage]\ndriver = "overlay"\nrunroot = "%s/podman-run"\ngraphroot = "%s/podman"\n' "$run" "$run" >"$run/storage.conf"
  printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$1" >"$run/registries.conf"
}

spawn() { # name, program …
  local name=$1
  shift
  "$@" >"$run/log/$name" 2>&1 </dev/null &
  echo $! >"$run/$name.pid"
}

start() {
  [ -x "$programs/kubelet" ] || { echo "there is no Kubernetes in $folder: scripts/kubernetes.sh build $folder" >&2; exit 3; }
  stop
  rm -rf "$run" && mkdir -p "$run"/{keys,network,kubelet,log,registry-data}
  cd "$run"
  local api=56443 etcd=52379 registry=55000 token
  token=$(openssl rand -hex 16)
  openssl genrsa -out keys/accounts.key 2048 2>/dev/null
  openssl rsa -in keys/accounts.key -pubout -out keys/accounts.pub 2>/dev/null
  echo "$token,admin,admin,system:masters" >tokens.csv
  cat >kubeconfig <<CONF
apiVersion: v1
kind: Config
clusters: [{name: cluster, cluster: {server: "https://127.0.0.1:$api", certificate-authority: keys/apiserver.crt}}]
users: [{name: admin, user: {token: $token}}]
contexts: [{name: here, context: {cluster: cluster, user: admin, namespace: default}}]
current-context: here
CONF
  echo "127.0.0.1:$registry" >registry
  podman_settings "$registry"
  export CONTAINERS_CONF=$run/containers.conf CONTAINERS_STORAGE_CONF=$run/storage.conf

  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: "%s/registry-data"}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$run" "$registry" >registry.yml
  spawn registry docker-registry serve "$run/registry.yml"
  spawn etcd etcd --data-dir "$run/etcd" --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls http://127.0.0.1:52380 --initial-advertise-peer-urls http://127.0.0.1:52380 --initial-cluster default=http://127.0.0.1:52380
  spawn api "$programs/kube-apiserver" --etcd-servers="http://127.0.0.1:$etcd" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port=$api \
    --cert-dir="$run/keys" --token-auth-file=tokens.csv --authorization-mode=RBAC --service-cluster-ip-range=10.97.0.0/24 --service-account-issuer=https://cluster.local \
    --service-account-signing-key-file=keys/accounts.key --service-account-key-file=keys/accounts.pub --allow-privileged=true --feature-gates=TTLAfterFinished=true
  for _ in $(seq 600); do
    [ "$(curl -sk "https://127.0.0.1:$api/readyz" -H "Authorization: Bearer $token")" != ok ] || break
    pause 0.2
  done
  spawn controllers "$programs/kube-controller-manager" --kubeconfig=kubeconfig --bind-address=127.0.0.1 --secure-port=56257 --port=0 --leader-elect=false \
    --service-account-private-key-file=keys/accounts.key --root-ca-file=keys/apiserver.crt --cert-dir="$run/keys" --feature-gates=TTLAfterFinished=true
  spawn scheduler "$programs/kube-scheduler" --kubeconfig=kubeconfig --bind-address=127.0.0.1 --secure-port=56259 --port=0 --leader-elect=false --cert-dir="$run/keys"

  cat >containerd.toml <<CONF
version = 2
root = "$run/containerd"
state = "$run/containerd-state"
[grpc]
  address = "$run/containerd.sock"
[ttrpc]
  address = "$run/containerd.ttrpc"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$run/network"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "$(command -v runc)"
CONF
  echo '{"cniVersion":"0.3.1","name":"pods","plugins":[{"type":"ptp","ipam":{"type":"host-local","subnet":"10.98.44.0/24","routes":[{"dst":"0.0.0.0/0"}]}}]}' >network/10.conflist
  spawn containerd containerd -c "$run/containerd.toml"
  for _ in $(seq 200); do
    ! ctr -a "$run/containerd.sock" version >/dev/null 2>&1 || break
    pause 0.1
  done
  images

  cat >kubelet.yml <<CONF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: 56250
readOnlyPort: 0
healthzPort: 0
failSwapOn: false
cgroupDriver: cgroupfs
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
evictionHard: {nodefs.available: "1%", memory.available: "50Mi"}
enforceNodeAllocatable: []
makeIPTablesUtilChains: false
clusterDomain: cluster.local
resolvConf: ""
CONF
  spawn kubelet "$programs/kubelet" --kubeconfig=kubeconfig --config=kubelet.yml --container-runtime=remote --container-runtime-endpoint="unix://$run/containerd.sock" \
    --root-dir="$run/kubelet" --cert-dir="$run/keys" --hostname-override="$(hostname -s)"
  local nodes="https://127.0.0.1:$api/api/v1/nodes/$(hostname -s)" accounts="https://127.0.0.1:$api/api/v1/namespaces/default/serviceaccounts/default"
  for _ in $(seq 600); do
    if curl -sk "$nodes" -H "Authorization: Bearer $token" | tr -d ' \n' | grep -q '"type":"Ready","status":"True"' &&
      curl -skf "$accounts" -H "Authorization: Bearer $token" >/dev/null; then
      echo "$run/kubeconfig"
      return
    fi
    pause 0.5
  done
  echo "the node did not become ready; see $run/log" >&2
  exit 1
}

stop() {
  local name
  for name in kubelet scheduler controllers api etcd registry; do
    [ ! -s "$run/$name.pid" ] || kill "$(cat "$run/$name.pid")" 2>/dev/null || true
  done
  if [ -S "$run/containerd.sock" ]; then
    for name in $(ctr -a "$run/containerd.sock" -n k8s.io tasks ls -q 2>/dev/null); do
      ctr -a "$run/containerd.sock" -n k8s.io tasks kill -s KILL "$name" 2>/dev/null || true
    done
    pause 1
  fi
  [ ! -s "$run/containerd.pid" ] || kill "$(cat "$run/containerd.pid")" 2>/dev/null || true
  { grep -oE "$run[^ ]*" /proc/self/mounts || true; } | sort -r | while read -r place; do umount -l "$place" || true; done
}

"$verb"
