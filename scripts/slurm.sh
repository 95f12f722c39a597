#!/usr/bin/env bash
# A Slurm cluster of one machine, for the tests and for trying `--backend slurm`: no systemd, no accounting database.
#   scripts/slurm.sh start FOLDER   then: export SLURM_CONF=FOLDER/slurm.conf
#   scripts/slurm.sh stop FOLDER
# As root, with Debian's packages: apt-get install slurm-wlm munge
# The node says it has PROCESSORS (20) processors, however many there are; jobs of a test do not compute.
set -euo pipefail
verb=${1:?start or stop} folder=$(realpath -m "${2:?folder of the cluster}")

if [ "$verb" = stop ]; then
  for pid in "$folder"/run/slurmd.pid "$folder"/run/slurmctld.pid "$folder"/munge/pid; do
    [ ! -s "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
  done
  exit 0
fi

for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || { echo "$program is not installed: apt-get install slurm-wlm munge" >&2; exit 3; }
done
[ "$(id -u)" = 0 ] || { echo "a cluster can be started by root only" >&2; exit 3; }

processors=${PROCESSORS:-20} port=${PORT:-$((20000 + $$ % 10000))} host=$(hostname -s)
mkdir -p "$folder"/{spool,state,log,run}
chmod 755 "$folder"
install -d -o munge -g munge -m 711 "$folder/munge"
head -c 1024 /dev/urandom >"$folder/munge/key"
chown munge:munge "$folder/munge/key" && chmod 400 "$folder/munge/key"
runuser -u munge -- munged --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"

cat >"$folder/slurm.conf" <<CONF
ClusterName=cairn
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=${NODE_PORT:-$((port + 1))}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=100
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
SlurmdParameters=config_overrides
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=3
# A machine that is busy answers late; a job that was given out must not be taken for lost and begun again.
MessageTimeout=60
BatchStartTimeout=300
UnkillableStepTimeout=300
GresTypes=gpu
NodeName=$host NodeAddr=127.0.0.1 CPUs=$processors RealMemory=8000 Gres=gpu:fake:2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
for i in 0 1; do [ -e "$folder/gpu$i" ] || mknod "$folder/gpu$i" c 1 3; done
echo "Name=gpu Type=fake File=$folder/gpu[0-1]" >"$folder/gres.conf"
printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n' >"$folder/cgroup.conf"

export SLURM_CONF=$folder/slurm.conf
slurmctld
slurmd
for _ in $(seq 900); do
  [ "$(sinfo -h -o %t 2>/dev/null)" != idle ] || { echo "$SLURM_CONF"; exit 0; }
  read -rt 0.1 <> <(:) || true
done
echo "the cluster did not become ready; see $folder/log" >&2
tail -n 5 "$folder"/log/*.log >&2
exit 1
