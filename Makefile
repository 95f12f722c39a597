# The commands of the README. Each can be run again at any time.
.PHONY: demo demo-stop build test publish pack bench torture ui-store screenshots

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

# The store that the pages are measured on: make ui-store FOLDER=/path
ui-store:
	dotnet run -c Release --project bench/Cairn.Bench -p:CairnSkipUi=true -- store $(FOLDER)

# A picture of every page into docs/ui, on data made for the purpose.
screenshots: build
	cd ui && CAIRN_BIN=$$(find ../src/Cairn.Cli/bin/Release -name cairn -type f -perm -u+x | head -n 1 | xargs realpath) npm run --silent screenshots
