;;; Run by test_emacs.py: emacs --batch --load eglot_e2e.el. Environment: SERVER (split at spaces), FOLDER, FILE.  -*- lexical-binding: t -*-
;; Batch mode has nobody to ask, so actions are chosen here by their titles; the requests and the edits are eglot's.
;; Emacs does not take C.UTF-8 for what it is.
(set-language-environment "UTF-8")
(setq file-name-coding-system 'utf-8 locale-coding-system 'utf-8)
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 30 eglot-connect-timeout 30 eglot-autoshutdown t eglot-send-changes-idle-time 0
      eglot-confirm-server-initiated-edits nil eglot-confirm-server-edits nil
      make-backup-files nil auto-save-default nil create-lockfiles nil)

(defvar folder (getenv "FOLDER"))
(defvar file (expand-file-name (getenv "FILE") folder))

(defun fail (text &rest arguments)
  (apply #'message (concat "FAILED " text) arguments)
  (kill-emacs 1))

(defun wait (what done)
  (let ((end (+ (float-time) 20)))
    (while (and (not (funcall done)) (< (float-time) end))
      (accept-process-output nil 0.05)
      (flymake-start nil))
    (unless (funcall done) (fail "timeout: %s; there is %S" what (flymake-diagnostics)))))

(defun findings ()
  "What is shown and not a mere note, by place."
  (sort (seq-filter (lambda (d) (memq (flymake-diagnostic-type d) '(eglot-error eglot-warning)))
                    (flymake-diagnostics))
        (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b)))))

(defun choose (diagnostic title)
  (let* ((begin (flymake-diagnostic-beg diagnostic))
         (end (flymake-diagnostic-end diagnostic))
         (actions (append (eglot-code-actions begin end "quickfix" nil) nil))
         (action (seq-find (lambda (a) (equal (plist-get a :title) title)) actions)))
    (unless action (fail "no action %s in %S" title actions))
    (let ((edit (or (plist-get action :edit)
                    (plist-get (jsonrpc-request (eglot-current-server) :codeAction/resolve action) :edit))))
      (if (>= emacs-major-version 30)
          (eglot--apply-workspace-edit edit 'choose)
        (eglot--apply-workspace-edit edit)))
    (eglot--signal-textDocument/didChange)))

(add-hook 'project-find-functions (lambda (_) (cons 'transient (file-name-as-directory folder))))
(add-to-list 'eglot-server-programs (cons 'python-mode (split-string (getenv "SERVER"))))

(find-file file)
(python-mode)
(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)
(wait "diagnostics" (lambda () (= 2 (length (findings)))))
(dolist (d (findings))
  (message "SEEN %s" (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d))))
;; The attribute behind the emoji first, then the import.
(choose (nth 1 (findings)) "Replace with smart_str")
(wait "the first fix" (lambda () (= 1 (length (findings)))))
(choose (nth 0 (findings)) "Replace with force_str")
(wait "the second fix" (lambda () (= 0 (length (findings)))))
(let ((coding-system-for-write 'utf-8-unix)) (save-buffer))
(message "VERSION %s" emacs-version)
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)
