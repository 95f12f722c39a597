# The commands of the README. Each can be run again at any time.
.PHONY: demo demo-stop build test publish pack bench torture ui-store screenshots kubernetes-test

demo:
	@bash scripts/demo.sh

demo-stop:
	@bash scripts/demo.sh stop

build:
	dotnet build Cairn.slnx -c Release

test:
	@bash scripts/test.sh

publish:
	@bash scripts/publish.sh

pack:
	dotnet pack src/Cairn.Client -c Release -o dist/nuget --nologo

bench: publish
	dotnet run -c Release --project bench/Cairn.Bench -- dist/cairn

torture: publish
	@bash scripts/torture.sh

# Against a real Kubernetes of one node, which the first call builds from Debian's source (as root, a quarter of an hour).
KUBERNETES ?= $(HOME)/.cache/cairn-kubernetes
kubernetes-test: publish
	[ -x $(KUBERNETES)/programs/kubelet ] || bash scripts/kubernetes.sh build $(KUBERNETES)
	bash scripts/kubernetes.sh start $(KUBERNETES)
	CAIRN_KUBERNETES=$(KUBERNETES)/run CAIRN_BIN=$(CURDIR)/dist/cairn dotnet run --project tests/Cairn.Cli.Tests -c Release -- \
	  --filter-class '*KubernetesClusterTests' --timeout 20m; code=$$?; bash scripts/kubernetes.sh stop $(KUBERNETES); exit $$code

# The store that the pages are measured on: make ui-store FOLDER=/path
ui-store:
	dotnet run -c Release --project bench/Cairn.Bench -p:CairnSkipUi=true -- store $(FOLDER)

# A picture of every page into docs/ui, on data made for the purpose.
screenshots: build
	cd ui && CAIRN_BIN=$$(find ../src/Cairn.Cli/bin/Release -name cairn -type f -perm -u+x | head -n 1 | xargs realpath) npm run --silent screenshots
