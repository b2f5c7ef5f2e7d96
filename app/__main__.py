"""`python -m app` is `posedesk`."""

from app.main import main

main()
