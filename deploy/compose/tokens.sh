#!/bin/sh
# Makes the tokens that the other containers need, once; each is in a file that only they can read.
set -eu
umask 027
for scope in write read; do
  if [ ! -s /secrets/$scope ]; then
    weir tokens create --config /etc/weir/weir.yml --project demo --scope $scope \
      --description "$scope, made by docker-compose" >/secrets/$scope.new
    mv /secrets/$scope.new /secrets/$scope
  fi
done
