"""Measurements that back what PoseDesk says of its speed, each beside the thing it is compared with."""
