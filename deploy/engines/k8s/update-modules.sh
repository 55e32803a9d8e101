#!/usr/bin/env bash
# update-modules.sh KUBERNETES KWOK ETCD: writes src/go.mod and src/go.sum for these versions (1.36.3 0.8.0 3.6.8). Commit both.
set -euo pipefail
cd "$(dirname "$0")/src"
kubernetes=${1:?which version of Kubernetes} kwok=${2:?of kwok} etcd=${3:?of etcd}
manifest=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/.*"GoMod": "\(.*\)",/\1/p')
{
  printf 'module remotegpu.test/k8s\n\ngo 1.26.0\n\n'
  sed -n 's/^godebug default.*/&/p' "$manifest"
  printf '\nrequire (\n\tk8s.io/kubernetes v%s\n\tsigs.k8s.io/kwok v%s\n\tgo.etcd.io/etcd/server/v3 v%s\n)\n\nreplace (\n' "$kubernetes" "$kwok" "$etcd"
  # Kubernetes' libraries are folders of its repository, and published as modules of the same minor version.
  sed -n 's#^\t\(k8s.io/[a-z-]*\) => ./staging/.*#\t\1 => \1 v0.'"${kubernetes#1.}"'#p' "$manifest"
  echo ")"
} >go.mod
rm -f go.sum
go mod tidy
