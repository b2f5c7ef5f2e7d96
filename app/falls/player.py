"""The process that plays the sound of an alarm: `python -m app.falls.player FILE`; without a file it only looks whether
it could. The exit code is 0 where that worked.

It is a process because Qt Multimedia loads much code of the system, of which any may be missing, hang or crash: nothing
of that may hold up or end the window.
"""

from __future__ import annotations

import sys

from PyQt6.QtCore import QCoreApplication, QTimer, QUrl

MOST = 8000  # milliseconds until what does not play is given up


def main() -> int:
    try:
        from PyQt6.QtMultimedia import QMediaDevices, QSoundEffect
    except ImportError as error:
        print(error, file=sys.stderr)
        return 1
    application = QCoreApplication(sys.argv)
    if QMediaDevices.defaultAudioOutput().isNull():
        print("there is no sound device", file=sys.stderr)
        return 1
    if len(sys.argv) < 2:
        return 0
    effect = QSoundEffect()

    def follow() -> None:
        if effect.status() == QSoundEffect.Status.Error:
            application.exit(1)
        elif effect.status() == QSoundEffect.Status.Ready:
            effect.play()

    effect.statusChanged.connect(follow)
    effect.playingChanged.connect(lambda: effect.isPlaying() or application.exit(0))
    effect.setVolume(1.0)
    effect.setSource(QUrl.fromLocalFile(sys.argv[1]))
    QTimer.singleShot(MOST, lambda: application.exit(1))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
